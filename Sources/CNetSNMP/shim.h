#pragma once
// <sys/select.h> first: net-snmp's headers declare fd_set users before they include it, which clashes with Glibc's module.
#include <sys/select.h>
#include <net-snmp/net-snmp-config.h>
#include <net-snmp/net-snmp-includes.h>
