"""8.5 Words become numbers."""

import re

import torch
from torch import nn

from course.checks.cases import Doing, tried
from course.checks.compare import Raised
from dgm.nn.text import PAD, START, split
from dgm.nn.text import Tokenizer as definition

METHOD = "encode"
POOL = "a red blue bag boot at the top left in of big".split()


def cases(g):
    words = ["t-shirt", *some(g, 9, POOL)]
    full = some(g, 6, words)
    yield encoding(words, 7, [" ".join(["t-shirt", words[7], words[2], words[5]]), " ".join(full)])
    yield encoding(words, 7, [f"{words[1]},  {words[2]} {words[1]}."])
    yield encoding(words, 7, (" ".join(sorted(words[2:6], reverse=True)).title(), words[3].upper(), ""))  # fmt: skip
    yield refusing(words, 7, f"{words[0]} zebra {words[1]}", "an unknown word")
    yield refusing(words, 7, " ".join([words[1]] * 7), "seven words and a start in a row of 7")


def some(g, n, of):
    return [of[int(i)] for i in torch.randperm(len(of), generator=g)[:n]]


def encoding(words, length, captions):
    """The rows of these captions; and the tokenizer and the captions are left as they are."""

    def play(answer):
        tokenizer, mine = answer(words, length), type(captions)(captions)
        seen = {"": tokenizer.encode(mine), "the captions are as they were": mine == captions}
        number = {word: tokenizer.number[word] for word in words}
        kept = number == {word: i for i, word in enumerate(words, 2)}
        seen["the tokenizer is as it was"] = kept and tokenizer.length == length
        if seen[""] is not None:
            seen["tokenizer.null"] = tokenizer.null
        return seen

    numbered = ", ".join(f"{word} {i}" for i, word in enumerate(words, 2))
    return Doing(f"{captions!r}, length {length}, the words numbered {numbered}", play)


def refusing(words, length, caption, what):
    """A caption that is an error, of whichever kind."""

    def play(answer):
        found = tried(answer(words, length).encode, [caption])
        return {what: "an error" if isinstance(found, Raised) else found}

    return Doing(repr(caption), play)


# Right, in ways that differ.


def right_full(self, captions):
    tokens = torch.full((len(captions), self.length), PAD)
    tokens[:, 0] = START
    for i, caption in enumerate(captions):
        words = split(caption)
        unknown = [w for w in words if w not in self.words]
        if unknown or len(words) >= self.length:
            raise ValueError(f"{unknown} not known, or too many words")
        for j, word in enumerate(words):
            tokens[i, j + 1] = self.vocabulary.index(word)
    return tokens


def right_index_plus_two(self, captions):
    out = torch.zeros(len(captions), self.length, dtype=torch.long)
    for row, caption in zip(out, captions):
        numbers = torch.tensor([1] + [self.words.index(w) + 2 for w in split(caption)])
        row[: len(numbers)] = numbers
        assert len(numbers) <= self.length, "too many words"
    return out


def right_lists(self, captions):
    rows = []
    for caption in captions:
        row = [START] + [self.number[word] for word in split(caption)]
        if len(row) > self.length:
            raise ValueError("too long")
        rows.append(row + [PAD] * (self.length - len(row)))
    return torch.tensor(rows)


def right_own_split(self, captions):
    rows = []
    for caption in captions:
        words = re.findall(r"[a-z]+(?:-[a-z]+)*", caption.lower())
        for word in words:
            if word not in self.number:
                raise KeyError(word)
        if len(words) > self.length - 1:
            raise ValueError(caption)
        row = torch.zeros(self.length, dtype=torch.int64)
        row[: len(words) + 1] = torch.tensor([START, *map(self.number.get, words)])
        rows.append(row)
    return torch.stack(rows)


def right_pad_sequence(self, captions):
    rows = [torch.tensor([self.number[w] for w in ["<start>", *split(c)]]) for c in captions]
    rows.append(torch.zeros(self.length, dtype=torch.int64))
    tokens = nn.utils.rnn.pad_sequence(rows, batch_first=True, padding_value=PAD)[:-1]
    if tokens.shape[1] > self.length:
        raise ValueError("a caption is too long")
    return tokens


# Mistakes, and what a student is told.


def _numbers(self, words):
    return [START, *(self.number[w] for w in words)]


def _lists(self, captions, row=_numbers, words=split, pad=PAD, long=False):
    """Rows made by `row` of the words of each caption, filled up with `pad`."""
    rows = [row(self, words(caption)) for caption in captions]
    if not long and max(map(len, rows)) > self.length:
        raise ValueError("too long")
    return [r + [pad] * (self.length - len(r)) for r in rows]


def _encoded(self, captions, *how, **options):
    return torch.tensor(_lists(self, captions, *how, **options))


def wrong_both_ends(self, captions):
    """START stands at both ends; it comes once, first"""
    return _encoded(self, captions, lambda self, words: [*_numbers(self, words), START][: self.length])  # fmt: skip


def wrong_no_start(self, captions):
    """the start is missing: every row begins with START"""
    return _encoded(self, captions, lambda self, words: _numbers(self, words)[1:])


def wrong_start_last(self, captions):
    """START stands at the end of the caption; it comes first"""
    return _encoded(self, captions, lambda self, words: [*_numbers(self, words)[1:], START])


def wrong_start_overwritten(self, captions):
    """the first word has overwritten the start: the words begin at place 1"""
    return _encoded(self, captions, lambda self, words: (_numbers(self, words)[1:] or [START]) + [PAD] * (len(words) >= self.length))  # fmt: skip


def wrong_empty_is_all_pad(self, captions):
    """the empty caption has its start, too: with nothing to read, attention has no answer"""
    return _encoded(self, captions, lambda self, words: _numbers(self, words) if words else [])


def wrong_off_by_one(self, captions):
    """a place in `words` is 2 less than the word's number: PAD and START count, both"""
    return _encoded(self, captions, lambda self, words: [START, *(self.words.index(w) + 1 for w in words)])  # fmt: skip


def wrong_off_by_two(self, captions):
    """a place in `words` is not the word's number: PAD and START come before them"""
    return _encoded(self, captions, lambda self, words: [START, *(self.words.index(w) for w in words)])  # fmt: skip


def wrong_own_numbers(self, captions):
    """the words are numbered as they come; self.number holds their numbers"""
    seen = {}
    return _encoded(self, captions, lambda self, words: [START, *(seen.setdefault(w, len(seen) + 2) for w in words)])  # fmt: skip


def wrong_numbers_grow(self, captions):
    """an unknown word gets a new number; it should be an error"""
    new = dict(self.number)
    return _encoded(self, captions, lambda self, words: [START, *(new.setdefault(w, len(new)) for w in words)])  # fmt: skip


def wrong_unknown_is_pad(self, captions):
    """an unknown word becomes padding in silence; it should be an error"""
    return _encoded(self, captions, lambda self, words: [START, *(self.number.get(w, PAD) for w in words)])  # fmt: skip


def wrong_unknown_skipped(self, captions):
    """an unknown word is left out in silence; it should be an error"""
    return _encoded(self, captions, words=lambda c: [w for w in split(c) if w in self.number])


def wrong_cut_off(self, captions):
    """a caption that is too long is cut off in silence; it should be an error"""
    return _encoded(self, captions, lambda self, words: _numbers(self, words)[: self.length])


def wrong_too_long_passes(self, captions):
    """a caption that is too long makes a longer row in silence; it should be an error"""
    return _encoded(self, captions, long=True)


def wrong_last_word_refused(self, captions):
    """a caption that just fits is refused: self.length - 1 words and the start fit"""
    if max(len(split(caption)) for caption in captions) >= self.length - 1:
        raise ValueError("too long")
    return _encoded(self, captions)


def wrong_reversed(self, captions):
    """the words stand in reversed order"""
    return _encoded(self, captions, words=lambda c: split(c)[::-1])


def wrong_sorted(self, captions):
    """the words are sorted: keep their order"""
    return _encoded(self, captions, words=lambda c: sorted(split(c)))


def wrong_set(self, captions):
    """a word that occurs twice stands there twice; here it stands once"""
    return _encoded(self, captions, words=lambda c: list(dict.fromkeys(split(c))))


def wrong_hyphen(self, captions):
    """a word with a hyphen is one word: split knows"""
    return _encoded(self, captions, words=lambda c: [w for part in split(c) for w in part.split("-")])  # fmt: skip


def wrong_lower_only(self, captions):
    """punctuation is left in; it does not count: split knows"""
    return _encoded(self, captions, words=lambda c: c.lower().split())


def wrong_capitals_kept(self, captions):
    """capitals are left in; they do not count: split knows"""
    return _encoded(self, captions, words=lambda c: re.findall(r"\w+(?:-\w+)*", c))


def wrong_plain_split(self, captions):
    """capitals and punctuation are left in; neither counts: split knows"""
    return _encoded(self, captions, words=str.split)


def wrong_letters(self, captions):
    """the letters have numbers here; the words should"""
    return _encoded(self, captions, lambda self, words: [START, *(2 + ord(a) % len(self.words) for a in " ".join(words))][: self.length])  # fmt: skip


def wrong_padded_with_minus_one(self, captions):
    """the rest is filled up with -1; PAD, which is 0, is wanted"""
    return _encoded(self, captions, pad=-1)


def wrong_padded_with_start(self, captions):
    """the rest is filled up with START; PAD is wanted"""
    return _encoded(self, captions, pad=START)


def wrong_padding_first(self, captions):
    """the padding comes behind the words; here it stands before them"""
    return _encoded(self, captions, lambda self, words: [PAD] * (self.length - 1 - len(words)) + _numbers(self, words))  # fmt: skip


def wrong_no_padding(self, captions):
    """rows are as long as the longest caption; self.length is wanted, whatever comes"""
    rows = _encoded(self, captions)
    return rows[:, : int((rows > 0).sum(1).max())]


def wrong_first_only(self, captions):
    """the first caption alone came back; a row for each is wanted"""
    return _encoded(self, captions)[:1]


def wrong_shared_rows(self, captions):
    """all rows are one list, which the last caption has filled: `[row] * B` copies no list"""
    rows = _encoded(self, captions)
    filled = rows[0].clone()
    for row in rows:
        filled = torch.where(torch.arange(self.length) < (row > 0).sum(), row, filled)
    return filled.expand(len(rows), -1).clone()


def wrong_one_row(self, captions):
    """all captions came back in one row; a row for each is wanted"""
    return _encoded(self, captions).flatten()


def wrong_squeezed(self, captions):
    """one caption alone is a row of a matrix, too: squeeze takes its axis"""
    return _encoded(self, captions).squeeze(0)


def wrong_floats(self, captions):
    """these are floats; whole numbers are wanted, as an embedding needs them"""
    return _encoded(self, captions).float()


def wrong_int32(self, captions):
    """these are int32; int64 is wanted"""
    return _encoded(self, captions).int()


def wrong_list(self, captions):
    """a list came back; a tensor is wanted"""
    return _lists(self, captions)


def wrong_one_hot(self, captions):
    """one-hot vectors came back; the numbers themselves are wanted"""
    return nn.functional.one_hot(_encoded(self, captions), len(self.vocabulary))


def wrong_no_return(self, captions):
    """nothing came back: is a `return` missing?"""
    _encoded(self, captions)


def wrong_captions_changed(self, captions):
    """the captions were changed, and belong to the caller: work on a copy"""
    rows = _encoded(self, captions)
    if isinstance(captions, list):
        captions[:] = [caption.lower().strip(".") for caption in captions]
    return rows
