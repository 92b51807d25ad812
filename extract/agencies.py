"""Who is named, and in which role: the public face of the agency grammar.

:func:`find_agencies` finds names in running text, :func:`split_agencies` reads a cell or value that is a list of agencies,
:func:`read_roles` says who leads, who takes part and who only receives in one item, :func:`read_heading` the same for a
heading, :func:`read_cell` for a cell that may also name partners.
"""

from extract.agencies_names import AgencyMention, canonical, find_agencies, split_agencies
from extract.agencies_roles import Roles, read_cell, read_heading, read_roles

__all__ = ["AgencyMention", "Roles", "canonical", "find_agencies", "read_cell", "read_heading", "read_roles", "split_agencies"]
