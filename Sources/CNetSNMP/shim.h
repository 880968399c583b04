#pragma once
// <sys/select.h> first: net-snmp's headers declare fd_set users before they include it, which clashes with Glibc's module.
#include <sys/select.h>
#include <net-snmp/net-snmp-config.h>
#include <net-snmp/net-snmp-includes.h>
#include <net-snmp/library/large_fd_set.h>
#include <net-snmp/library/snmpusm.h>

// What drives its sockets; Glibc's module leaves these out.
#include <sys/epoll.h>
#include <sys/eventfd.h>

// Macros with casts or conditionals, which Swift cannot import.
enum {
    CNetSNMPGet = SNMP_MSG_GET,
    CNetSNMPGetNext = SNMP_MSG_GETNEXT,
    CNetSNMPGetBulk = SNMP_MSG_GETBULK,
    CNetSNMPResponse = SNMP_MSG_RESPONSE,
    CNetSNMPReport = SNMP_MSG_REPORT,

    CNetSNMPVersion1 = SNMP_VERSION_1,
    CNetSNMPVersion2c = SNMP_VERSION_2c,
    CNetSNMPVersion3 = SNMP_VERSION_3,

    CNetSNMPInteger = ASN_INTEGER,
    CNetSNMPBitString = ASN_BIT_STR,
    CNetSNMPOctets = ASN_OCTET_STR,
    CNetSNMPNull = ASN_NULL,
    CNetSNMPObjectIdentifier = ASN_OBJECT_ID,
    CNetSNMPIPAddress = ASN_IPADDRESS,
    CNetSNMPCounter = ASN_COUNTER,
    CNetSNMPGauge = ASN_GAUGE,
    CNetSNMPTimeTicks = ASN_TIMETICKS,
    CNetSNMPOpaque = ASN_OPAQUE,
    CNetSNMPCounter64 = ASN_COUNTER64,
    CNetSNMPUnsigned = ASN_UINTEGER,
    CNetSNMPOpaqueFloat = ASN_OPAQUE_FLOAT,
    CNetSNMPOpaqueDouble = ASN_OPAQUE_DOUBLE,
    CNetSNMPNoSuchObject = SNMP_NOSUCHOBJECT,
    CNetSNMPNoSuchInstance = SNMP_NOSUCHINSTANCE,
    CNetSNMPEndOfMibView = SNMP_ENDOFMIBVIEW,
};
