"""What a record of somebody else would execute, as text for whoever decides."""

from bancada.report.consenting._text import consent_text

__all__ = ["consent_text"]
