"""Repairs the Vietnamese of OCR: lost diacritics, garbled letters, damaged numbers. Knows lines, never files or pages."""

from diacritics.restorer import ModelError, RestoredLine, Restorer, Syllable, load

__all__ = ["ModelError", "RestoredLine", "Restorer", "Syllable", "load"]
