# The names of all commands.

# In the order of AT+CMD?, which is that of registration, as in ESP-AT (wire.md 1.6); behind each
# name the letter of its family, and its forms: "!" to execute, "?" to query, "=" to set; "0": to
# set 0 takes back what the host has left there, and needs no family, for which there may be no
# room. One text, because a row for each command would take a chip 5 KB.
TABLE = (
    b" :b! E0:b! E1:b! +RST:b! +GMR:s! +CMD:s? +TRANSINTVL:s?= +SYSTIMESTAMP:s?= +GSLP:s= "
    b"+SLEEP:s?= +SLEEPWKCFG:s= +RESTORE:s! +SYSRAM:s?= +SYSFLASH:r?= +SYSMFG:r?= "
    b"+SYSMSGFILTER:f?= +SYSMSGFILTERCFG:f?=0 +RFPOWER:s?= +RFCAL:s! +SYSMSG:s?= "
    b"+SYSROLLBACK:r!? +SYSLOG:s?= +SYSSTORE:s?= +SYSREG:s= +CWINIT:j?= +CWMODE:w?= "
    b"+CWSTATE:j? +CWCONFIG:j?= +CWJAP:j!?= +CWRECONNCFG:j?= +CWLAP:j!= +CWLAPOPT:j= +CWQAP:j! "
    b"+CWSAP:a?= +CWLIF:a! +CWQIF:a!= +CWDHCP:i?= +CWDHCPS:a?= +CWSTAPROTO:j?= +CWAPPROTO:a?= "
    b"+CWAUTOCONN:j?= +CWHOSTNAME:j?= +CWCOUNTRY:j?= +CIFSR:i! +CIPSTAMAC:i?= +CIPAPMAC:a?= "
    b"+CIPSTA:i?= +CIPAP:a?= +CIPV6:i?= +CIPDNS:i?= +CIPDOMAIN:i= +CIPDINFO:w?= +CIPMUX:w?= "
    b"+CIPRECVMODE:w?= +CIPMODE:w?= +CIPSNTPCFG:s?= +CIPSNTPINTV:s?= +CIPSNTPTIME:s? "
    b"+PING:i= +HTTPCLIENT:h= +HTTPGETSIZE:p= +HTTPURLCFG:c?=0 "
    b"+HTTPCHEAD:c?=0 +HTTPCGET:h= +HTTPCPOST:h= +HTTPCPUT:h= +HTTPCFG:c= +FS:d= +FSMOUNT:d= "
    b"+CIUPDATE:u!?= +CIPFWVER:u? +UART:c?= +UART_CUR:c?= +UART_DEF:c?= +USERRAM:r?=0 "
    b"+USEROTA:u= +HTTPGET_TO_FS:o= +FS_TO_HTTP_SERVER:d= "
    # What ESP-AT does not have stands behind: the numbers of the others stay.
    b"+HTTPREQ:p= +HTTPREPORT:c?= +HTTPREDIRECT:c?= +HTTPTIMEOUT:c?= +HTTPABORT:b! "
    b"+HTTPPULL:c?= +HTTPREAD:p?= "
)
