"""The firmware's reasons as sentences for people: for what `espat` reads in answers and logs, and
for the documentation. A board has the numbers."""

from espat.pure import reasons

TABLE = (
    (reasons.CONNECT, "the connection could not be made"),
    (reasons.LOOKUP, "the host name could not be resolved"),
    (reasons.REFUSED, "the server refused the connection"),
    (reasons.UNREACHABLE, "no route to the server"),
    (reasons.CONNECT_TIMEOUT, "the server did not accept the connection in time"),
    (reasons.HANDSHAKE, "the TLS handshake failed"),
    (reasons.CERTIFICATE, "the server's certificate was refused"),
    (reasons.MALFORMED, "the answer is not valid HTTP/1.1"),
    (reasons.CLOSED, "the server closed the connection before it answered"),
    (reasons.TOO_LARGE, "the answer's head is larger than this firmware takes"),
    (reasons.NO_MEMORY, "out of memory"),
    (reasons.READ_TIMEOUT, "the server stopped sending"),
    (reasons.INCOMPLETE, "the body ended before its announced length"),
    (reasons.WRITE_TIMEOUT, "the server stopped taking data"),
    (reasons.HOST_SILENT, "the host stopped sending its data"),
    (reasons.NO_WIFI, "the station has no IP address, or the link was lost"),
    (reasons.ABORTED, "the request was given up"),
    (reasons.LOOKUP_TIMEOUT, "no name server answered in time"),
    (reasons.HANDSHAKE_TIMEOUT, "the TLS handshake did not end in time"),
    (reasons.NOT_SUPPORTED, "MicroPython cannot do this on this chip"),
    (reasons.UNKNOWN_CA, "the server's certificate is not signed by the CA, or by itself only"),
    (reasons.CERTIFICATE_EXPIRED, "the server's certificate has expired"),
    (reasons.CERTIFICATE_FUTURE, "the server's certificate is not valid yet"),
    (reasons.WRONG_HOST, "the server's certificate is for another host name"),
    (reasons.CLOCK_NOT_SET, "the clock is not set, so no certificate can be checked"),
    (reasons.BAD_IDENTITY, "the stored CA, certificate or key is missing or unusable"),
    (reasons.HANDSHAKE_CLOSED, "the server closed the connection in the TLS handshake"),
    (reasons.REDIRECTS, "there are more redirects than the host allows, or they go in a circle"),
    (reasons.BAD_REDIRECT, "the redirect leads where the host does not allow, or to no HTTP URL"),
    (reasons.NO_BODY, "no body waits to be read"),
    (reasons.NO_LENGTH, "the server does not say how long the resource is"),
    (reasons.FILES_FULL, "the board's file system is full"),
    (reasons.FILE_NOT_FOUND, "there is no such file on the board"),
    (reasons.FILE_ERROR, "the board's file system refused"),
    (reasons.EMPTY, "the file or the answer is empty"),
    (reasons.SETTINGS_FULL, "the flash for settings is full"),
    (reasons.SETTINGS_ERROR, "the flash for settings refused"),
    (reasons.NO_PACKAGE, "the file is no update package, or not a whole one"),
    (reasons.CHECKSUM, "the update's checksum is wrong"),
    (reasons.WRONG_PACKAGE, "the update is for another board or another MicroPython"),
    (reasons.UPDATING, "another update is running"),
    (reasons.NO_UPDATES, "the board's data name no update server"),
    (
        reasons.NO_VERSION,
        "the update server does not have this version, or no list of versions",
    ),
)


def text(reason: int) -> str:
    """One sentence for people, for the log and the documentation."""
    for number, sentence in TABLE:
        if number == reason:
            return sentence
    return "HTTP status %d" % (reason - reasons.HTTP_STATUS)
