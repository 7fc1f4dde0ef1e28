# Why an HTTP command failed: the extension of ERR CODE:0x010a7xxx.
#
# 0x7190 and up is 0x7000 + the HTTP status, as in ESP-AT. ESP-AT keeps the numbers below for
# itself and does not document them; these are this firmware's, for users to rely on.

CONNECT = 0x7000
LOOKUP = 0x7001
REFUSED = 0x7002
UNREACHABLE = 0x7003
CONNECT_TIMEOUT = 0x7004
HANDSHAKE = 0x7005
CERTIFICATE = 0x7006
MALFORMED = 0x7007
CLOSED = 0x7008
TOO_LARGE = 0x7009
NO_MEMORY = 0x700A
READ_TIMEOUT = 0x700B
INCOMPLETE = 0x700C
WRITE_TIMEOUT = 0x700D
HOST_SILENT = 0x700E
NO_WIFI = 0x700F
ABORTED = 0x7010
LOOKUP_TIMEOUT = 0x7011
HANDSHAKE_TIMEOUT = 0x7012
NOT_SUPPORTED = 0x7013
UNKNOWN_CA = 0x7014
CERTIFICATE_EXPIRED = 0x7015
CERTIFICATE_FUTURE = 0x7016
WRONG_HOST = 0x7017
CLOCK_NOT_SET = 0x7018
BAD_IDENTITY = 0x7019
NO_LENGTH = 0x701F
FILES_FULL = 0x7020
FILE_NOT_FOUND = 0x7021
FILE_ERROR = 0x7022
EMPTY = 0x7023
SETTINGS_FULL = 0x7024
SETTINGS_ERROR = 0x7025
NO_PACKAGE = 0x7030
CHECKSUM = 0x7031
WRONG_PACKAGE = 0x7032
UPDATING = 0x7033
NO_UPDATES = 0x7034
NO_VERSION = 0x7035

TABLE = (
    (CONNECT, "the connection could not be made"),
    (LOOKUP, "the host name could not be resolved"),
    (REFUSED, "the server refused the connection"),
    (UNREACHABLE, "no route to the server"),
    (CONNECT_TIMEOUT, "the server did not accept the connection in time"),
    (HANDSHAKE, "the TLS handshake failed"),
    (CERTIFICATE, "the server's certificate was refused"),
    (MALFORMED, "the answer is not valid HTTP/1.1"),
    (CLOSED, "the server closed the connection before it answered"),
    (TOO_LARGE, "the answer's head is larger than this firmware takes"),
    (NO_MEMORY, "out of memory"),
    (READ_TIMEOUT, "the server stopped sending"),
    (INCOMPLETE, "the body ended before its announced length"),
    (WRITE_TIMEOUT, "the server stopped taking data"),
    (HOST_SILENT, "the host stopped sending its data"),
    (NO_WIFI, "the station has no IP address, or the link was lost"),
    (ABORTED, "the request was given up"),
    (LOOKUP_TIMEOUT, "no name server answered in time"),
    (HANDSHAKE_TIMEOUT, "the TLS handshake did not end in time"),
    (NOT_SUPPORTED, "MicroPython cannot do this on this chip"),
    (UNKNOWN_CA, "the server's certificate is not signed by the CA, or by itself only"),
    (CERTIFICATE_EXPIRED, "the server's certificate has expired"),
    (CERTIFICATE_FUTURE, "the server's certificate is not valid yet"),
    (WRONG_HOST, "the server's certificate is for another host name"),
    (CLOCK_NOT_SET, "the clock is not set, so no certificate can be checked"),
    (BAD_IDENTITY, "the stored CA, certificate or key is missing or unusable"),
    (NO_LENGTH, "the server does not say how long the resource is"),
    (FILES_FULL, "the board's file system is full"),
    (FILE_NOT_FOUND, "there is no such file on the board"),
    (FILE_ERROR, "the board's file system refused"),
    (EMPTY, "the file or the answer is empty"),
    (SETTINGS_FULL, "the flash for settings is full"),
    (SETTINGS_ERROR, "the flash for settings refused"),
    (NO_PACKAGE, "the file is no update package, or not a whole one"),
    (CHECKSUM, "the update's checksum is wrong"),
    (WRONG_PACKAGE, "the update is for another board or another MicroPython"),
    (UPDATING, "another update is running"),
    (NO_UPDATES, "the board's data name no update server"),
    (NO_VERSION, "the update server does not have this version, or no list of versions"),
)

HTTP_STATUS = 0x7000


def of_status(status):
    """The reason for an HTTP status of 400 or more."""
    return HTTP_STATUS + status


def text(reason):
    """One sentence for people, for the log and the documentation."""
    for number, sentence in TABLE:
        if number == reason:
            return sentence
    return "HTTP status %d" % (reason - HTTP_STATUS)
