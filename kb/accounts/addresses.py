"""Where a request came from, as far as anything here wants to know it."""

from __future__ import annotations

import ipaddress

from allauth.account.adapter import get_adapter
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest


def network_of(request: HttpRequest | None, *, ipv4: int = 24, ipv6: int = 48) -> str:
    """Return the network of a request ("198.51.100.0/24"), or "" where none is known."""
    if request is None:
        return ""
    try:
        address = ipaddress.ip_address(get_adapter().get_client_ip(request))
    except (PermissionDenied, ValueError):
        return ""
    if isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped:
        address = address.ipv4_mapped
    length = ipv4 if address.version == 4 else ipv6
    return str(ipaddress.ip_network(f"{address}/{length}", strict=False))
