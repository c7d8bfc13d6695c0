"""Names that pages, links and addresses share."""

from __future__ import annotations

from pathlib import Path

PAGES = Path(__file__).resolve().parent.parent / "pages"
CHAT_PAGE = PAGES / "chat.py"
HISTORY_PAGE = PAGES / "history.py"
MODELS_PAGE = PAGES / "models.py"
CONNECTIONS_PAGE = PAGES / "connections.py"
COMPARE_PAGE = PAGES / "compare.py"
SHARED_PAGE = PAGES / "shared.py"

#: The query parameter that names the conversation on the chat page.
CONVERSATION = "c"

#: The query parameter that names the comparison on the compare page.
COMPARISON = "comparison"

#: The page that a shared link opens, and the query parameter with the link's secret.
SHARED_PATH = "shared"
TOKEN = "t"  # noqa: S105 - the name of a parameter
