"""A part of a page that a program makes: the text between two marks, and how it differs."""

import sys


def replaced(page, begin, end, part):
    """The text of the page with another part between the marks, which stay."""
    text = page.read_text(encoding="utf-8")
    before, has_begin, rest = text.partition(begin)
    _, has_end, after = rest.partition(end)
    if not has_begin or not has_end:
        sys.exit(f"{page.name} lacks {begin} or {end}")
    return before + begin + part + end + after


def hold(page, fresh, accept):
    """Whether the page says `fresh`, as it does in any case after `accept`; prints what differs."""
    text = page.read_text(encoding="utf-8")
    if fresh == text:
        return True
    if accept:
        page.write_text(fresh, encoding="utf-8")
        print(f"docs/{page.name}: brought up to date")
        return True
    for old, new in zip(text.split("\n"), fresh.split("\n")):
        if old != new:
            print(f"docs/{page.name} says\n  {old}\nand measured is\n  {new}")
            return False
    print(f"docs/{page.name} has more or fewer lines than were measured")
    return False
