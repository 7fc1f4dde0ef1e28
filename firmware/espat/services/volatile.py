# What commands have set until the next reset: plain fields, which stay when the code goes.

DHCP = b"dhcp"
SNTP_SERVERS = (b"cn.ntp.org.cn", b"ntp.sjtu.edu.cn", b"us.pool.ntp.org")  # ESP-AT's


class HttpSettings:
    """AT+HTTPURLCFG: url, the text or b"". AT+HTTPCHEAD: headers, (key, value), the newest first.
    AT+HTTPCFG: identity, (auth, pki, ca), see edges/identity.py. AT+HTTPTIMEOUT: wait, whole, in
    ms, 0 for ESP-AT's own. AT+HTTPREPORT: reports, its mask. AT+HTTPREDIRECT: redirects, the most
    that are followed, downgrade, whether from https to http. AT+HTTPPULL: pull."""

    def __init__(self):
        self.url = b""
        self.headers = []
        self.identity = (0, 0, 0)
        self.wait = self.whole = self.reports = self.redirects = self.downgrade = self.pull = 0


class IpSettings:
    """`source`: where the address comes from, as it is stored. `dns`: name servers as bytes, or
    (): the one that DHCP names. `mac` and `protocol`: what the station gets when it is switched
    on, if it gets one."""

    def __init__(self):
        self.source = DHCP
        self.dns = ()
        self.mac = None
        self.protocol = None

    def dhcp(self):
        """Whether DHCP is asked for an address."""
        return self.source == DHCP


class ApSettings:
    """`on`: the access point's interface. `config`: the tuple of pure/ap_config, or None: the
    driver's own network; `mac`, `protocol`: what it gets when it is switched on, if it gets one.
    `pool`: the first and the last address of the DHCP server, or None as long as it never ran."""

    def __init__(self):
        self.on = False
        self.config = self.mac = self.protocol = self.pool = None


class SntpSettings:
    """AT+CIPSNTPCFG: enabled; zone, minutes east of UTC; servers, () = ESP-AT's own.
    AT+CIPSNTPINTV: interval, seconds. sync: the TimeSync that does it, or None."""

    def __init__(self):
        self.enabled = False
        self.zone = 0
        self.servers = ()
        self.interval = 3600
        self.sync = None


class SystemSettings:
    """messages: the bits of AT+SYSMSG. gather_ms: AT+TRANSINTVL. ram: the buffer of AT+USERRAM,
    a bytearray or None. update_state: AT+CIUPDATE's 0..4 or -1. updating: whether one runs.
    country: AT+CWCOUNTRY's policy, code, first channel and number of channels, or None."""

    def __init__(self):
        self.messages = 0
        self.gather_ms = 20
        self.ram = None
        self.update_state = 0
        self.updating = False
        self.country = None
