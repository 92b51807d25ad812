"""Repairs the Vietnamese of OCR: lost diacritics, garbled letters, damaged numbers. Knows lines, never files or pages."""
