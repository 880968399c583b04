/* The floor of polling: asks COUNT devices on 127.1.0.1… for 14 counter columns and both states of their interfaces by GETBULK, one
 * datagram in flight each, and does no more than find the last name of each column and count. CPU a device and PDUs a device.
 *   floor COUNT PORT ROUNDS */
#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

enum { COLUMNS = 16, NAME = 32 };
static const unsigned char interfaces[] = {0x2b, 6, 1, 2, 1, 2, 2, 1}, extended[] = {0x2b, 6, 1, 2, 1, 31, 1, 1, 1};
static const unsigned char ofInterfaces[] = {7, 8, 13, 14, 19, 20, 11, 17}, ofExtended[] = {6, 7, 8, 9, 10, 11, 12, 13};

struct column { unsigned char name[NAME]; int length, prefix, open; };
struct device { int socket; struct column columns[COLUMNS]; int asked[COLUMNS], count; };

static double cpu(void) {
    struct rusage u;
    getrusage(RUSAGE_SELF, &u);
    return u.ru_utime.tv_sec + u.ru_stime.tv_sec + (u.ru_utime.tv_usec + u.ru_stime.tv_usec) / 1e6;
}

static void begin(struct device *d) {
    for (int i = 0; i < COLUMNS; i++) {
        struct column *c = &d->columns[i];
        int fromInterfaces = i < 8;
        c->prefix = fromInterfaces ? sizeof interfaces : sizeof extended;
        memcpy(c->name, fromInterfaces ? interfaces : extended, c->prefix);
        c->name[c->prefix++] = fromInterfaces ? ofInterfaces[i] : ofExtended[i - 8];
        c->length = c->prefix;
        c->open = 1;
    }
}

static int ask(struct device *d) { /* 0 when nothing is left */
    unsigned char body[1024], message[1100];
    int n = 0;
    d->count = 0;
    for (int i = 0; i < COLUMNS; i++) {
        struct column *c = &d->columns[i];
        if (!c->open) continue;
        d->asked[d->count++] = i;
        body[n++] = 0x30; body[n++] = c->length + 4;
        body[n++] = 6; body[n++] = c->length;
        memcpy(body + n, c->name, c->length);
        n += c->length;
        body[n++] = 5; body[n++] = 0;
    }
    if (d->count == 0) return 0;
    unsigned char head[] = {2, 1, 1, 4, 6, 'p', 'u', 'b', 'l', 'i', 'c', 0xa5, 0x82, 0, 0, 2, 1, 1, 2, 1, 0, 2, 1, 52, 0x30, 0x82, 0, 0};
    int pdu = n + 13;
    head[13] = pdu >> 8; head[14] = pdu; head[26] = n >> 8; head[27] = n;
    int all = sizeof head + n;
    message[0] = 0x30; message[1] = 0x82; message[2] = all >> 8; message[3] = all;
    memcpy(message + 4, head, sizeof head);
    memcpy(message + 4 + sizeof head, body, n);
    return send(d->socket, message, all + 4, 0) > 0;
}

static int header(const unsigned char **p, const unsigned char *end) { /* steps into an element; its length, or -1 */
    if (end - *p < 2) return -1;
    int length = (*p)[1], size = 0;
    if (length & 0x80) {
        size = length & 0x7f;
        if (end - *p < 2 + size) return -1;
        length = 0;
        for (int i = 0; i < size; i++) length = length << 8 | (*p)[2 + i];
    }
    *p += 2 + size;
    return length <= end - *p ? length : -1;
}

static long take(struct device *d, const unsigned char *p, const unsigned char *end) { /* values that belong here */
    long values = 0;
    if (header(&p, end) < 0) return 0;
    for (int i = 0; i < 2; i++) { int n = header(&p, end); if (n < 0) return 0; p += n; }
    if (header(&p, end) < 0) return 0;
    for (int i = 0; i < 3; i++) { int n = header(&p, end); if (n < 0) return 0; p += n; }
    if (header(&p, end) < 0) return 0;
    for (int received = 0; p < end; received++) {
        int whole = header(&p, end);
        if (whole < 0) break;
        const unsigned char *next = p + whole;
        int length = header(&p, next);
        if (length < 0 || length > NAME) break;
        struct column *c = &d->columns[d->asked[received % d->count]];
        if (c->open && length > c->prefix && !memcmp(p, c->name, c->prefix)) {
            memcpy(c->name, p, length);
            c->length = length;
            values++;
        } else {
            c->open = 0;
        }
        p = next;
    }
    return values;
}

int main(int argc, char **argv) {
    if (argc < 4) return fprintf(stderr, "floor COUNT PORT ROUNDS\n"), 2;
    int count = atoi(argv[1]), loop = epoll_create1(0);
    struct rlimit limit;
    getrlimit(RLIMIT_NOFILE, &limit);
    limit.rlim_cur = limit.rlim_max;
    setrlimit(RLIMIT_NOFILE, &limit);
    struct device *devices = calloc(count, sizeof *devices);
    for (int i = 0; i < count; i++) {
        struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons(atoi(argv[2])), .sin_addr.s_addr = htonl(0x7f010001 + i)};
        devices[i].socket = socket(AF_INET, SOCK_DGRAM | SOCK_NONBLOCK, 0);
        connect(devices[i].socket, (void *)&to, sizeof to);
        struct epoll_event event = {.events = EPOLLIN, .data.u32 = i};
        epoll_ctl(loop, EPOLL_CTL_ADD, devices[i].socket, &event);
    }
    for (int round = 0; round < atoi(argv[3]); round++) {
        double before = cpu();
        long pdus = 0, values = 0, busy = 0;
        int started = 0;
        static unsigned char reply[65536];
        struct epoll_event events[256];
        while (busy > 0 || started < count) {
            while (busy < 192 && started < count) { begin(&devices[started]); ask(&devices[started++]); busy++; pdus++; }
            int ready = epoll_wait(loop, events, 256, 2000);
            if (ready <= 0) break;
            for (int i = 0; i < ready; i++) {
                struct device *d = &devices[events[i].data.u32];
                ssize_t n = recv(d->socket, reply, sizeof reply, 0);
                if (n < 0) continue;
                values += take(d, reply, reply + n);
                if (ask(d)) pdus++; else busy--;
            }
        }
        if (round + 1 == atoi(argv[3]))
            printf("%-24s %.3f ms CPU and %.1f PDUs a device, %ld values\n", "floor in C, counts only", (cpu() - before) * 1000 / count,
                (double)pdus / count, values);
    }
    return 0;
}
