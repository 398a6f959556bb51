"""Through Apprise, the optional extra: Telegram, ntfy, e-mail and many more. The only file that knows it."""

from __future__ import annotations

from typing import Any

from fieldstation.domain.notification import Failure


def by_apprise(urls: tuple[str, ...], message: dict[str, Any]) -> Failure | None:
    """Send to each address; None when at least one took it, else it would come twice to those who did."""
    try:
        import apprise
    except ImportError:
        return Failure.NOT_INSTALLED
    asset = apprise.AppriseAsset(async_mode=False, plugin_paths=[])
    taken, known = False, False
    for url in urls:
        one = apprise.Apprise(asset=asset)
        if one.add(url):
            known = True
            taken = bool(one.notify(body=message["text"], title=message["title"])) or taken
    if taken:
        return None
    return Failure.REFUSED if known else Failure.ADDRESS
