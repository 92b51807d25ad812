"""The pages that a clerk works with: ``dondoc serve``. One process, nothing from outside, usable on an old office PC."""
