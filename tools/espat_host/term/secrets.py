"""Which lines are not written into any file."""

import re

_SECRET = re.compile(
    r"\s*AT\+(CWJAP|CWSAP|CWJEAP|SYSMFG|MQTTUSERCFG|MQTTPASSWORD|MQTTLONGPASSWORD)="
    r"|://[^/\"\s]*@|authorization|cookie|password|token|secret|key=",
    re.IGNORECASE,
)


def is_secret(line: str) -> bool:
    """Whether a line may hold a password."""
    return _SECRET.search(line) is not None
