"""Serves BRIDGE-MIB (RFC 4188) of a Linux bridge to snmpd by pass_persist: base ports and learned addresses, out of sysfs."""
import os
import struct
import sys
import time

BRIDGE = "/sys/class/net/" + sys.argv[1]
PORTS = (1, 3, 6, 1, 2, 1, 17, 1, 4, 1)
LEARNED = (1, 3, 6, 1, 2, 1, 17, 4, 3, 1)


def read(path, mode="r"):
    with open(path, mode) as file:
        return file.read()


def rows():
    table = {}
    for port in os.listdir(BRIDGE + "/brif"):
        number = int(read(f"{BRIDGE}/brif/{port}/port_no"), 16)
        table[PORTS + (1, number)] = ("integer", number)
        table[PORTS + (2, number)] = ("integer", int(read(f"/sys/class/net/{port}/ifindex")))
    # struct __fdb_entry of linux/if_bridge.h
    data = read(BRIDGE + "/brforward", "rb")
    for place in range(0, len(data) - 15, 16):
        mac, low, is_local, _, high = struct.unpack_from("6sBBIB", data, place)
        key = tuple(mac)
        table[LEARNED + (1,) + key] = ("octet", " ".join(f"{byte:02X}" for byte in mac))
        table[LEARNED + (2,) + key] = ("integer", 0 if is_local else low | high << 8)
        table[LEARNED + (3,) + key] = ("integer", 4 if is_local else 3)
    return table


def main():
    table, keys, until = {}, [], 0.0
    for line in sys.stdin:
        word = line.strip()
        if word == "PING":
            print("PONG", flush=True)
            continue
        if word not in ("get", "getnext"):
            break
        asked = tuple(int(arc) for arc in sys.stdin.readline().strip().strip(".").split("."))
        if time.monotonic() > until:
            table = rows()
            keys, until = sorted(table), time.monotonic() + 0.5
        if word == "getnext":
            asked = next((key for key in keys if key > asked), None)
        if asked in table:
            kind, value = table[asked]
            print("." + ".".join(map(str, asked)), kind, value, sep="\n", flush=True)
        else:
            print("NONE", flush=True)


main()
