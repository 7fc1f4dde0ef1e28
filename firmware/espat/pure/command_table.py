# The names of all commands.

# In the order of AT+CMD?, which is that of registration, as in ESP-AT (wire.md 1.6); behind each
# name the letter of its family, and its forms: "!" to execute, "?" to query, "=" to set, none for
# "?="; a letter before a form is the family of that one; "0": to set 0 takes back what the host has
# left there, and needs no family, for which there may be no room. One text, because a row for each
# command would take a chip 5 KB.
TABLE = (
    b" :b! E0:b! E1:b! +RST:b! +GMR:s! +CMD:s? +SAVETRANSLINK:n= +TRANSINTVL:s +SYSTIMESTAMP:n "
    b"+GSLP:s= +SLEEP:s +SLEEPWKCFG:s= +RESTORE:s! +SYSRAM:s +SYSFLASH:r +SYSMFG:r +SYSMSGFILTER:f "
    b"+SYSMSGFILTERCFG:f?=0 +RFPOWER:s +RFCAL:s! +SYSMSG:s +SYSROLLBACK:r!? +SYSLOG:s "
    b"+SYSSTORE:s +SYSREG:s= +CWINIT:j +CWMODE:w +CWSTATE:p? +CWCONFIG:j +CWJAP:j!?= "
    b"+CWRECONNCFG:j +CWLAP:j!= +CWLAPOPT:j= +CWQAP:j! +CWSAP:a +CWLIF:a! +CWQIF:a!= "
    b"+CWDHCP:i +CWDHCPS:a +CWSTAPROTO:j +CWAPPROTO:a +CWAUTOCONN:j +CWHOSTNAME:j "
    b"+CWCOUNTRY:j +CIFSR:i! +CIPSTAMAC:i +CIPAPMAC:a +CIPSTA:i +CIPAP:a +CIPV6:i +CIPDNS:i "
    b"+CIPDOMAIN:i= +CIPSTATUS:p! +CIPSTATE:p? +CIPSTART:t= +CIPSTARTEX:t= +CIPTCPOPT:n "
    b"+CIPCLOSE:b!= +CIPCONNPERSIST:n +CIPSEND:e=l! +CIPSENDL:e= +CIPSENDLCFG:n +CIPSENDEX:e= "
    b"+CIPDINFO:n +CIPMUX:n +CIPRECVMODE:n +CIPRECVTYPE:n +CIPRECVDATA:e= +CIPRECVLEN:p? "
    b"+CIPSERVER:v +CIPSERVERMAXCONN:v +CIPSSLCCONF:c +CIPSSLCCN:c +CIPSSLCSNI:c "
    b"+CIPSSLCALPN:c= +CIPSSLCPSK:c= +CIPSSLCPSKHEX:c= +CIPSSLCCIPHER:c= +CIPMODE:e +CIPSTO:v "
    b"+CIPSNTPCFG:n +CIPSNTPINTV:n +CIPSNTPTIME:n? +CIPRECONNINTV:n +PING:i= +HTTPCLIENT:h= "
    b"+HTTPGETSIZE:p= +HTTPURLCFG:c?=0 +HTTPCHEAD:c?=0 +HTTPCGET:h= +HTTPCPOST:h= "
    b"+HTTPCPUT:h= +HTTPCFG:c= +FS:d= +FSMOUNT:d= +CIUPDATE:u!?= +CIPFWVER:u? +UART:c "
    b"+UART_CUR:c +UART_DEF:c +USERRAM:r?=0 +USEROTA:u= +HTTPGET_TO_FS:o= "
    b"+FS_TO_HTTP_SERVER:d= "
    # What ESP-AT does not have stands behind: the numbers of the others stay.
    b"+HTTPREQ:p= +HTTPREPORT:c +HTTPREDIRECT:c +HTTPTIMEOUT:c +HTTPABORT:b! +HTTPPULL:c "
    b"+HTTPREAD:p "
)
