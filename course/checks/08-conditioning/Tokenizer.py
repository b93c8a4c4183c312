"""TITLE."""

import torch
from torch import nn

from course.checks import draw
from course.checks.cases import Call, Doing, Law
from dgm.nn.text import PAD, START, split
from dgm.nn.text import Tokenizer as definition


def cases(g):
    raise NotImplementedError


# Right, in ways that differ.


# WHOLE CLASS: its other methods differ from the definition's
class right_full:
    def __init__(self, words, length):
        odd = [w for w in words if split(w) != [w]]
        if odd or len(set(words)) < len(words):
            raise ValueError(
                f"words has {odd or 'a word twice'}, wanted single words in small letters, once each"
            )
        if length < 2:
            raise ValueError(f"length is {length}, wanted 2 or more: the start and a word")
        self.words, self.length = tuple(words), length
        self.vocabulary = ("<pad>", "<start>", *words)
        self.number = {word: i for i, word in enumerate(self.vocabulary)}

    @property
    def null(self):
        return self.encode([""])[0]

    def decode(self, tokens):
        return [
            " ".join(self.vocabulary[i] for i in row if i not in (PAD, START))
            for row in tokens.tolist()
        ]

    def encode(self, captions):
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


# WHOLE CLASS: its other methods differ from the definition's
class right_index_plus_two:
    def __init__(self, words, length):
        odd = [w for w in words if split(w) != [w]]
        if odd or len(set(words)) < len(words):
            raise ValueError(
                f"words has {odd or 'a word twice'}, wanted single words in small letters, once each"
            )
        if length < 2:
            raise ValueError(f"length is {length}, wanted 2 or more: the start and a word")
        self.words, self.length = tuple(words), length
        self.vocabulary = ("<pad>", "<start>", *words)
        self.number = {word: i for i, word in enumerate(self.vocabulary)}

    @property
    def null(self):
        return self.encode([""])[0]

    def decode(self, tokens):
        return [
            " ".join(self.vocabulary[i] for i in row if i not in (PAD, START))
            for row in tokens.tolist()
        ]

    def encode(self, captions):
        out = torch.zeros(len(captions), self.length, dtype=torch.long)
        for row, caption in zip(out, captions):
            numbers = torch.tensor([1] + [self.words.index(w) + 2 for w in split(caption)])
            row[: len(numbers)] = numbers
            assert len(numbers) <= self.length, "too many words"
        return out


# WHOLE CLASS: its other methods differ from the definition's
class right_lists:
    def __init__(self, words, length):
        odd = [w for w in words if split(w) != [w]]
        if odd or len(set(words)) < len(words):
            raise ValueError(
                f"words has {odd or 'a word twice'}, wanted single words in small letters, once each"
            )
        if length < 2:
            raise ValueError(f"length is {length}, wanted 2 or more: the start and a word")
        self.words, self.length = tuple(words), length
        self.vocabulary = ("<pad>", "<start>", *words)
        self.number = {word: i for i, word in enumerate(self.vocabulary)}

    @property
    def null(self):
        return self.encode([""])[0]

    def decode(self, tokens):
        return [
            " ".join(self.vocabulary[i] for i in row if i not in (PAD, START))
            for row in tokens.tolist()
        ]

    def encode(self, captions):
        rows = []
        for caption in captions:
            row = [START] + [self.number[word] for word in split(caption)]
            if len(row) > self.length:
                raise ValueError("too long")
            rows.append(row + [PAD] * (self.length - len(row)))
        return torch.tensor(rows)


# WHOLE CLASS: its other methods differ from the definition's
class right_own_split:
    def __init__(self, words, length):
        odd = [w for w in words if split(w) != [w]]
        if odd or len(set(words)) < len(words):
            raise ValueError(
                f"words has {odd or 'a word twice'}, wanted single words in small letters, once each"
            )
        if length < 2:
            raise ValueError(f"length is {length}, wanted 2 or more: the start and a word")
        self.words, self.length = tuple(words), length
        self.vocabulary = ("<pad>", "<start>", *words)
        self.number = {word: i for i, word in enumerate(self.vocabulary)}

    @property
    def null(self):
        return self.encode([""])[0]

    def decode(self, tokens):
        return [
            " ".join(self.vocabulary[i] for i in row if i not in (PAD, START))
            for row in tokens.tolist()
        ]

    def encode(self, captions):
        import re

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


# WHOLE CLASS: its other methods differ from the definition's
class right_pad_sequence:
    def __init__(self, words, length):
        odd = [w for w in words if split(w) != [w]]
        if odd or len(set(words)) < len(words):
            raise ValueError(
                f"words has {odd or 'a word twice'}, wanted single words in small letters, once each"
            )
        if length < 2:
            raise ValueError(f"length is {length}, wanted 2 or more: the start and a word")
        self.words, self.length = tuple(words), length
        self.vocabulary = ("<pad>", "<start>", *words)
        self.number = {word: i for i, word in enumerate(self.vocabulary)}

    @property
    def null(self):
        return self.encode([""])[0]

    def decode(self, tokens):
        return [
            " ".join(self.vocabulary[i] for i in row if i not in (PAD, START))
            for row in tokens.tolist()
        ]

    def encode(self, captions):
        rows = [torch.tensor([self.number[w] for w in ["<start>", *split(c)]]) for c in captions]
        rows.append(torch.zeros(self.length, dtype=torch.int64))
        tokens = nn.utils.rnn.pad_sequence(rows, batch_first=True, padding_value=PAD)[:-1]
        if tokens.shape[1] > self.length:
            raise ValueError("a caption is too long")
        return tokens


# Mistakes, and what a student is told.


# WHOLE CLASS: its other methods differ from the definition's
class wrong_both_ends:
    """a start at both ends"""

    # SAID: START stands at both ends; it comes once, first
    def __init__(self, words, length):
        odd = [w for w in words if split(w) != [w]]
        if odd or len(set(words)) < len(words):
            raise ValueError(
                f"words has {odd or 'a word twice'}, wanted single words in small letters, once each"
            )
        if length < 2:
            raise ValueError(f"length is {length}, wanted 2 or more: the start and a word")
        self.words, self.length = tuple(words), length
        self.vocabulary = ("<pad>", "<start>", *words)
        self.number = {word: i for i, word in enumerate(self.vocabulary)}

    @property
    def null(self):
        return self.encode([""])[0]

    def decode(self, tokens):
        return [
            " ".join(self.vocabulary[i] for i in row if i not in (PAD, START))
            for row in tokens.tolist()
        ]

    def encode(self, captions):
        rows = []
        for caption in captions:
            words = split(caption)
            row = [START, *(self.number[w] for w in words), START][: self.length]
            if len(row) > self.length:
                raise ValueError("too long")
            rows.append(row + [PAD] * (self.length - len(row)))
        return torch.tensor(rows)


# WHOLE CLASS: its other methods differ from the definition's
class wrong_cut_off:
    """what is too long is cut off in silence"""

    # SAID: 7 words and a start in a row of 7 should be an error; 'left left left left left left left' became [1, 3, 3, 3, 3, 3, 3] in silence
    def __init__(self, words, length):
        odd = [w for w in words if split(w) != [w]]
        if odd or len(set(words)) < len(words):
            raise ValueError(
                f"words has {odd or 'a word twice'}, wanted single words in small letters, once each"
            )
        if length < 2:
            raise ValueError(f"length is {length}, wanted 2 or more: the start and a word")
        self.words, self.length = tuple(words), length
        self.vocabulary = ("<pad>", "<start>", *words)
        self.number = {word: i for i, word in enumerate(self.vocabulary)}

    @property
    def null(self):
        return self.encode([""])[0]

    def decode(self, tokens):
        return [
            " ".join(self.vocabulary[i] for i in row if i not in (PAD, START))
            for row in tokens.tolist()
        ]

    def encode(self, captions):
        rows = []
        for caption in captions:
            words = split(caption)
            row = [START, *(self.number[w] for w in words)]
            row = row[: self.length]
            rows.append(row + [PAD] * (self.length - len(row)))
        return torch.tensor(rows)


# WHOLE CLASS: its other methods differ from the definition's
class wrong_empty_is_all_pad:
    """the empty caption is padding alone"""

    # SAID: the empty caption has its start, too: with nothing to read, attention has no answer
    def __init__(self, words, length):
        odd = [w for w in words if split(w) != [w]]
        if odd or len(set(words)) < len(words):
            raise ValueError(
                f"words has {odd or 'a word twice'}, wanted single words in small letters, once each"
            )
        if length < 2:
            raise ValueError(f"length is {length}, wanted 2 or more: the start and a word")
        self.words, self.length = tuple(words), length
        self.vocabulary = ("<pad>", "<start>", *words)
        self.number = {word: i for i, word in enumerate(self.vocabulary)}

    @property
    def null(self):
        return self.encode([""])[0]

    def decode(self, tokens):
        return [
            " ".join(self.vocabulary[i] for i in row if i not in (PAD, START))
            for row in tokens.tolist()
        ]

    def encode(self, captions):
        rows = []
        for caption in captions:
            words = split(caption)
            row = [START, *(self.number[w] for w in words)] if words else []
            if len(row) > self.length:
                raise ValueError("too long")
            rows.append(row + [PAD] * (self.length - len(row)))
        return torch.tensor(rows)


# WHOLE CLASS: its other methods differ from the definition's
class wrong_first_only:
    """the first caption alone"""

    # SAID: 6 captions and length 7: shape (6, 7) is wanted, got (1, 7)
    def __init__(self, words, length):
        odd = [w for w in words if split(w) != [w]]
        if odd or len(set(words)) < len(words):
            raise ValueError(
                f"words has {odd or 'a word twice'}, wanted single words in small letters, once each"
            )
        if length < 2:
            raise ValueError(f"length is {length}, wanted 2 or more: the start and a word")
        self.words, self.length = tuple(words), length
        self.vocabulary = ("<pad>", "<start>", *words)
        self.number = {word: i for i, word in enumerate(self.vocabulary)}

    @property
    def null(self):
        return self.encode([""])[0]

    def decode(self, tokens):
        return [
            " ".join(self.vocabulary[i] for i in row if i not in (PAD, START))
            for row in tokens.tolist()
        ]

    def encode(self, captions):
        rows = []
        for caption in captions:
            words = split(caption)
            row = [START, *(self.number[w] for w in words)]
            if len(row) > self.length:
                raise ValueError("too long")
            rows.append(row + [PAD] * (self.length - len(row)))
        return torch.tensor(rows)[:1]


# WHOLE CLASS: its other methods differ from the definition's
class wrong_floats:
    """floats in place of whole numbers"""

    # SAID: whole numbers are wanted, got torch.float32
    def __init__(self, words, length):
        odd = [w for w in words if split(w) != [w]]
        if odd or len(set(words)) < len(words):
            raise ValueError(
                f"words has {odd or 'a word twice'}, wanted single words in small letters, once each"
            )
        if length < 2:
            raise ValueError(f"length is {length}, wanted 2 or more: the start and a word")
        self.words, self.length = tuple(words), length
        self.vocabulary = ("<pad>", "<start>", *words)
        self.number = {word: i for i, word in enumerate(self.vocabulary)}

    @property
    def null(self):
        return self.encode([""])[0]

    def decode(self, tokens):
        return [
            " ".join(self.vocabulary[i] for i in row if i not in (PAD, START))
            for row in tokens.tolist()
        ]

    def encode(self, captions):
        rows = []
        for caption in captions:
            words = split(caption)
            row = [START, *(self.number[w] for w in words)]
            if len(row) > self.length:
                raise ValueError("too long")
            rows.append(row + [PAD] * (self.length - len(row)))
        return torch.tensor(rows, dtype=torch.float32)


# WHOLE CLASS: its other methods differ from the definition's
class wrong_hyphen:
    """a word with a hyphen becomes two"""

    # SAID: 't-shirt at boot of' has 4 words, all known, and fits into 7 with its start, but KeyError was raised: 't'. Capitals and punctuation do not count, and t-shirt is one word: split knows
    # RAISES: KeyError
    def __init__(self, words, length):
        odd = [w for w in words if split(w) != [w]]
        if odd or len(set(words)) < len(words):
            raise ValueError(
                f"words has {odd or 'a word twice'}, wanted single words in small letters, once each"
            )
        if length < 2:
            raise ValueError(f"length is {length}, wanted 2 or more: the start and a word")
        self.words, self.length = tuple(words), length
        self.vocabulary = ("<pad>", "<start>", *words)
        self.number = {word: i for i, word in enumerate(self.vocabulary)}

    @property
    def null(self):
        return self.encode([""])[0]

    def decode(self, tokens):
        return [
            " ".join(self.vocabulary[i] for i in row if i not in (PAD, START))
            for row in tokens.tolist()
        ]

    def encode(self, captions):
        rows = []
        for caption in captions:
            words = [w for part in split(caption) for w in part.split("-")]
            row = [START, *(self.number[w] for w in words)]
            if len(row) > self.length:
                raise ValueError("too long")
            rows.append(row + [PAD] * (self.length - len(row)))
        return torch.tensor(rows)


# WHOLE CLASS: its other methods differ from the definition's
class wrong_last_word_refused:
    """a caption that just fits is refused"""

    # SAID: 'at bag left blue boot a' has 6 words, all known, and fits into 7 with its start, but ValueError was raised: too long. Capitals and punctuation do not count, and t-shirt is one word: split knows
    # RAISES: ValueError
    def __init__(self, words, length):
        odd = [w for w in words if split(w) != [w]]
        if odd or len(set(words)) < len(words):
            raise ValueError(
                f"words has {odd or 'a word twice'}, wanted single words in small letters, once each"
            )
        if length < 2:
            raise ValueError(f"length is {length}, wanted 2 or more: the start and a word")
        self.words, self.length = tuple(words), length
        self.vocabulary = ("<pad>", "<start>", *words)
        self.number = {word: i for i, word in enumerate(self.vocabulary)}

    @property
    def null(self):
        return self.encode([""])[0]

    def decode(self, tokens):
        return [
            " ".join(self.vocabulary[i] for i in row if i not in (PAD, START))
            for row in tokens.tolist()
        ]

    def encode(self, captions):
        rows = []
        for caption in captions:
            words = split(caption)
            row = [START, *(self.number[w] for w in words)]
            if len(row) >= self.length:
                raise ValueError("too long")
            rows.append(row + [PAD] * (self.length - len(row)))
        return torch.tensor(rows)


# WHOLE CLASS: its other methods differ from the definition's
class wrong_letters:
    """letters in place of words"""

    # SAID: 't-shirt at boot of' should be [1, 2, 5, 8, 10, 0, 0], got [1, 8, 7, 7, 6, 7, 6], with the numbers {'t-shirt': 2, 'left': 3, 'a': 4, 'at': 5, 'in': 6, 'top': 7, 'boot': 8, 'blue': 9, 'of': 10, 'bag': 11}
    def __init__(self, words, length):
        odd = [w for w in words if split(w) != [w]]
        if odd or len(set(words)) < len(words):
            raise ValueError(
                f"words has {odd or 'a word twice'}, wanted single words in small letters, once each"
            )
        if length < 2:
            raise ValueError(f"length is {length}, wanted 2 or more: the start and a word")
        self.words, self.length = tuple(words), length
        self.vocabulary = ("<pad>", "<start>", *words)
        self.number = {word: i for i, word in enumerate(self.vocabulary)}

    @property
    def null(self):
        return self.encode([""])[0]

    def decode(self, tokens):
        return [
            " ".join(self.vocabulary[i] for i in row if i not in (PAD, START))
            for row in tokens.tolist()
        ]

    def encode(self, captions):
        rows = []
        for caption in captions:
            words = split(caption)
            row = [START, *(2 + ord(a) % len(self.words) for a in " ".join(words))][: self.length]
            rows.append(row + [PAD] * (self.length - len(row)))
        return torch.tensor(rows)


# WHOLE CLASS: its other methods differ from the definition's
class wrong_list:
    """a list in place of a tensor"""

    # SAID: a tensor is wanted, got a list
    def __init__(self, words, length):
        odd = [w for w in words if split(w) != [w]]
        if odd or len(set(words)) < len(words):
            raise ValueError(
                f"words has {odd or 'a word twice'}, wanted single words in small letters, once each"
            )
        if length < 2:
            raise ValueError(f"length is {length}, wanted 2 or more: the start and a word")
        self.words, self.length = tuple(words), length
        self.vocabulary = ("<pad>", "<start>", *words)
        self.number = {word: i for i, word in enumerate(self.vocabulary)}

    @property
    def null(self):
        return self.encode([""])[0]

    def decode(self, tokens):
        return [
            " ".join(self.vocabulary[i] for i in row if i not in (PAD, START))
            for row in tokens.tolist()
        ]

    def encode(self, captions):
        rows = []
        for caption in captions:
            words = split(caption)
            row = [START, *(self.number[w] for w in words)]
            if len(row) > self.length:
                raise ValueError("too long")
            rows.append(row + [PAD] * (self.length - len(row)))
        return rows


# WHOLE CLASS: its other methods differ from the definition's
class wrong_lower_only:
    """punctuation is left in"""

    # SAID: 'Left, a left.' has 3 words, all known, and fits into 7 with its start, but KeyError was raised: 'left,'. Capitals and punctuation do not count, and t-shirt is one word: split knows
    # RAISES: KeyError
    def __init__(self, words, length):
        odd = [w for w in words if split(w) != [w]]
        if odd or len(set(words)) < len(words):
            raise ValueError(
                f"words has {odd or 'a word twice'}, wanted single words in small letters, once each"
            )
        if length < 2:
            raise ValueError(f"length is {length}, wanted 2 or more: the start and a word")
        self.words, self.length = tuple(words), length
        self.vocabulary = ("<pad>", "<start>", *words)
        self.number = {word: i for i, word in enumerate(self.vocabulary)}

    @property
    def null(self):
        return self.encode([""])[0]

    def decode(self, tokens):
        return [
            " ".join(self.vocabulary[i] for i in row if i not in (PAD, START))
            for row in tokens.tolist()
        ]

    def encode(self, captions):
        rows = []
        for caption in captions:
            words = caption.lower().split()
            row = [START, *(self.number[w] for w in words)]
            if len(row) > self.length:
                raise ValueError("too long")
            rows.append(row + [PAD] * (self.length - len(row)))
        return torch.tensor(rows)


# WHOLE CLASS: its other methods differ from the definition's
class wrong_no_padding:
    """no padding: as long as the longest caption"""

    # SAID: ['t-shirt at boot of'] should give shape (1, 7), got (1, 5): every row has length 7
    def __init__(self, words, length):
        odd = [w for w in words if split(w) != [w]]
        if odd or len(set(words)) < len(words):
            raise ValueError(
                f"words has {odd or 'a word twice'}, wanted single words in small letters, once each"
            )
        if length < 2:
            raise ValueError(f"length is {length}, wanted 2 or more: the start and a word")
        self.words, self.length = tuple(words), length
        self.vocabulary = ("<pad>", "<start>", *words)
        self.number = {word: i for i, word in enumerate(self.vocabulary)}

    @property
    def null(self):
        return self.encode([""])[0]

    def decode(self, tokens):
        return [
            " ".join(self.vocabulary[i] for i in row if i not in (PAD, START))
            for row in tokens.tolist()
        ]

    def encode(self, captions):
        rows = []
        for caption in captions:
            words = split(caption)
            row = [START, *(self.number[w] for w in words)]
            if len(row) > self.length:
                raise ValueError("too long")
            rows.append(row + [PAD] * (self.length - len(row)))
        longest = max(sum(i > 0 for i in row) for row in rows)
        return torch.tensor([row[:longest] for row in rows])


# WHOLE CLASS: its other methods differ from the definition's
class wrong_no_return:
    """no return"""

    # SAID: encode returned None: did you forget `return`?
    def __init__(self, words, length):
        odd = [w for w in words if split(w) != [w]]
        if odd or len(set(words)) < len(words):
            raise ValueError(
                f"words has {odd or 'a word twice'}, wanted single words in small letters, once each"
            )
        if length < 2:
            raise ValueError(f"length is {length}, wanted 2 or more: the start and a word")
        self.words, self.length = tuple(words), length
        self.vocabulary = ("<pad>", "<start>", *words)
        self.number = {word: i for i, word in enumerate(self.vocabulary)}

    @property
    def null(self):
        return self.encode([""])[0]

    def decode(self, tokens):
        return [
            " ".join(self.vocabulary[i] for i in row if i not in (PAD, START))
            for row in tokens.tolist()
        ]

    def encode(self, captions):
        rows = []
        for caption in captions:
            words = split(caption)
            row = [START, *(self.number[w] for w in words)]
            if len(row) > self.length:
                raise ValueError("too long")
            rows.append(row + [PAD] * (self.length - len(row)))
        tokens = torch.tensor(rows)


# WHOLE CLASS: its other methods differ from the definition's
class wrong_no_start:
    """no start token"""

    # SAID: the start is missing: every row begins with START
    def __init__(self, words, length):
        odd = [w for w in words if split(w) != [w]]
        if odd or len(set(words)) < len(words):
            raise ValueError(
                f"words has {odd or 'a word twice'}, wanted single words in small letters, once each"
            )
        if length < 2:
            raise ValueError(f"length is {length}, wanted 2 or more: the start and a word")
        self.words, self.length = tuple(words), length
        self.vocabulary = ("<pad>", "<start>", *words)
        self.number = {word: i for i, word in enumerate(self.vocabulary)}

    @property
    def null(self):
        return self.encode([""])[0]

    def decode(self, tokens):
        return [
            " ".join(self.vocabulary[i] for i in row if i not in (PAD, START))
            for row in tokens.tolist()
        ]

    def encode(self, captions):
        rows = []
        for caption in captions:
            words = split(caption)
            row = [self.number[w] for w in words]
            if len(row) > self.length:
                raise ValueError("too long")
            rows.append(row + [PAD] * (self.length - len(row)))
        return torch.tensor(rows)


# WHOLE CLASS: its other methods differ from the definition's
class wrong_off_by_one:
    """one special token is counted, there are two"""

    # SAID: the place in `words` is 2 less than the word's number: PAD and START count, both
    def __init__(self, words, length):
        odd = [w for w in words if split(w) != [w]]
        if odd or len(set(words)) < len(words):
            raise ValueError(
                f"words has {odd or 'a word twice'}, wanted single words in small letters, once each"
            )
        if length < 2:
            raise ValueError(f"length is {length}, wanted 2 or more: the start and a word")
        self.words, self.length = tuple(words), length
        self.vocabulary = ("<pad>", "<start>", *words)
        self.number = {word: i for i, word in enumerate(self.vocabulary)}

    @property
    def null(self):
        return self.encode([""])[0]

    def decode(self, tokens):
        return [
            " ".join(self.vocabulary[i] for i in row if i not in (PAD, START))
            for row in tokens.tolist()
        ]

    def encode(self, captions):
        rows = []
        for caption in captions:
            words = split(caption)
            row = [START, *(self.words.index(w) + 1 for w in words)]
            if len(row) > self.length:
                raise ValueError("too long")
            rows.append(row + [PAD] * (self.length - len(row)))
        return torch.tensor(rows)


# WHOLE CLASS: its other methods differ from the definition's
class wrong_off_by_two:
    """the number in `words`, where the two special tokens are not counted"""

    # SAID: the place in `words` is 2 less than the word's number: PAD and START count, too
    def __init__(self, words, length):
        odd = [w for w in words if split(w) != [w]]
        if odd or len(set(words)) < len(words):
            raise ValueError(
                f"words has {odd or 'a word twice'}, wanted single words in small letters, once each"
            )
        if length < 2:
            raise ValueError(f"length is {length}, wanted 2 or more: the start and a word")
        self.words, self.length = tuple(words), length
        self.vocabulary = ("<pad>", "<start>", *words)
        self.number = {word: i for i, word in enumerate(self.vocabulary)}

    @property
    def null(self):
        return self.encode([""])[0]

    def decode(self, tokens):
        return [
            " ".join(self.vocabulary[i] for i in row if i not in (PAD, START))
            for row in tokens.tolist()
        ]

    def encode(self, captions):
        rows = []
        for caption in captions:
            words = split(caption)
            row = [START, *(self.words.index(w) for w in words)]
            if len(row) > self.length:
                raise ValueError("too long")
            rows.append(row + [PAD] * (self.length - len(row)))
        return torch.tensor(rows)


# WHOLE CLASS: its other methods differ from the definition's
class wrong_one_hot:
    """one-hot vectors in place of numbers"""

    # SAID: ['t-shirt at boot of'] should give shape (1, 7), got (1, 7, 12): every row has length 7
    def __init__(self, words, length):
        odd = [w for w in words if split(w) != [w]]
        if odd or len(set(words)) < len(words):
            raise ValueError(
                f"words has {odd or 'a word twice'}, wanted single words in small letters, once each"
            )
        if length < 2:
            raise ValueError(f"length is {length}, wanted 2 or more: the start and a word")
        self.words, self.length = tuple(words), length
        self.vocabulary = ("<pad>", "<start>", *words)
        self.number = {word: i for i, word in enumerate(self.vocabulary)}

    @property
    def null(self):
        return self.encode([""])[0]

    def decode(self, tokens):
        return [
            " ".join(self.vocabulary[i] for i in row if i not in (PAD, START))
            for row in tokens.tolist()
        ]

    def encode(self, captions):
        rows = []
        for caption in captions:
            words = split(caption)
            row = [START, *(self.number[w] for w in words)]
            if len(row) > self.length:
                raise ValueError("too long")
            rows.append(row + [PAD] * (self.length - len(row)))
        return nn.functional.one_hot(torch.tensor(rows), len(self.vocabulary))


# WHOLE CLASS: its other methods differ from the definition's
class wrong_one_row:
    """all captions in one row"""

    # SAID: ['t-shirt at boot of'] should give shape (1, 7), got (7,): every row has length 7
    def __init__(self, words, length):
        odd = [w for w in words if split(w) != [w]]
        if odd or len(set(words)) < len(words):
            raise ValueError(
                f"words has {odd or 'a word twice'}, wanted single words in small letters, once each"
            )
        if length < 2:
            raise ValueError(f"length is {length}, wanted 2 or more: the start and a word")
        self.words, self.length = tuple(words), length
        self.vocabulary = ("<pad>", "<start>", *words)
        self.number = {word: i for i, word in enumerate(self.vocabulary)}

    @property
    def null(self):
        return self.encode([""])[0]

    def decode(self, tokens):
        return [
            " ".join(self.vocabulary[i] for i in row if i not in (PAD, START))
            for row in tokens.tolist()
        ]

    def encode(self, captions):
        rows = []
        for caption in captions:
            words = split(caption)
            row = [START, *(self.number[w] for w in words)]
            if len(row) > self.length:
                raise ValueError("too long")
            rows.append(row + [PAD] * (self.length - len(row)))
        return torch.tensor(rows).flatten()


# WHOLE CLASS: its other methods differ from the definition's
class wrong_own_numbers:
    """numbers the words as they come, anew at each call"""

    # SAID: 't-shirt at boot of' should be [1, 2, 5, 8, 10, 0, 0], got [1, 2, 3, 4, 5, 0, 0], with the numbers {'t-shirt': 2, 'left': 3, 'a': 4, 'at': 5, 'in': 6, 'top': 7, 'boot': 8, 'blue': 9, 'of': 10, 'bag': 11}
    def __init__(self, words, length):
        odd = [w for w in words if split(w) != [w]]
        if odd or len(set(words)) < len(words):
            raise ValueError(
                f"words has {odd or 'a word twice'}, wanted single words in small letters, once each"
            )
        if length < 2:
            raise ValueError(f"length is {length}, wanted 2 or more: the start and a word")
        self.words, self.length = tuple(words), length
        self.vocabulary = ("<pad>", "<start>", *words)
        self.number = {word: i for i, word in enumerate(self.vocabulary)}

    @property
    def null(self):
        return self.encode([""])[0]

    def decode(self, tokens):
        return [
            " ".join(self.vocabulary[i] for i in row if i not in (PAD, START))
            for row in tokens.tolist()
        ]

    def encode(self, captions):
        seen = {}
        rows = []
        for caption in captions:
            words = split(caption)
            row = [START, *(seen.setdefault(w, len(seen) + 2) for w in words)]
            if len(row) > self.length:
                raise ValueError("too long")
            rows.append(row + [PAD] * (self.length - len(row)))
        return torch.tensor(rows)


# WHOLE CLASS: its other methods differ from the definition's
class wrong_padded_with_minus_one:
    """padded with -1"""

    # SAID: the rest is filled up with -1; PAD, which is 0, is wanted
    def __init__(self, words, length):
        odd = [w for w in words if split(w) != [w]]
        if odd or len(set(words)) < len(words):
            raise ValueError(
                f"words has {odd or 'a word twice'}, wanted single words in small letters, once each"
            )
        if length < 2:
            raise ValueError(f"length is {length}, wanted 2 or more: the start and a word")
        self.words, self.length = tuple(words), length
        self.vocabulary = ("<pad>", "<start>", *words)
        self.number = {word: i for i, word in enumerate(self.vocabulary)}

    @property
    def null(self):
        return self.encode([""])[0]

    def decode(self, tokens):
        return [
            " ".join(self.vocabulary[i] for i in row if i not in (PAD, START))
            for row in tokens.tolist()
        ]

    def encode(self, captions):
        rows = []
        for caption in captions:
            words = split(caption)
            row = [START, *(self.number[w] for w in words)]
            if len(row) > self.length:
                raise ValueError("too long")
            rows.append(row + [-1] * (self.length - len(row)))
        return torch.tensor(rows)


# WHOLE CLASS: its other methods differ from the definition's
class wrong_padded_with_start:
    """padded with the start token"""

    # SAID: the rest is filled up with START; PAD is wanted
    def __init__(self, words, length):
        odd = [w for w in words if split(w) != [w]]
        if odd or len(set(words)) < len(words):
            raise ValueError(
                f"words has {odd or 'a word twice'}, wanted single words in small letters, once each"
            )
        if length < 2:
            raise ValueError(f"length is {length}, wanted 2 or more: the start and a word")
        self.words, self.length = tuple(words), length
        self.vocabulary = ("<pad>", "<start>", *words)
        self.number = {word: i for i, word in enumerate(self.vocabulary)}

    @property
    def null(self):
        return self.encode([""])[0]

    def decode(self, tokens):
        return [
            " ".join(self.vocabulary[i] for i in row if i not in (PAD, START))
            for row in tokens.tolist()
        ]

    def encode(self, captions):
        rows = []
        for caption in captions:
            words = split(caption)
            row = [START, *(self.number[w] for w in words)]
            if len(row) > self.length:
                raise ValueError("too long")
            rows.append(row + [START] * (self.length - len(row)))
        return torch.tensor(rows)


# WHOLE CLASS: its other methods differ from the definition's
class wrong_padding_first:
    """the padding comes first"""

    # SAID: the padding comes behind the words
    def __init__(self, words, length):
        odd = [w for w in words if split(w) != [w]]
        if odd or len(set(words)) < len(words):
            raise ValueError(
                f"words has {odd or 'a word twice'}, wanted single words in small letters, once each"
            )
        if length < 2:
            raise ValueError(f"length is {length}, wanted 2 or more: the start and a word")
        self.words, self.length = tuple(words), length
        self.vocabulary = ("<pad>", "<start>", *words)
        self.number = {word: i for i, word in enumerate(self.vocabulary)}

    @property
    def null(self):
        return self.encode([""])[0]

    def decode(self, tokens):
        return [
            " ".join(self.vocabulary[i] for i in row if i not in (PAD, START))
            for row in tokens.tolist()
        ]

    def encode(self, captions):
        rows = []
        for caption in captions:
            words = split(caption)
            row = [START, *(self.number[w] for w in words)]
            if len(row) > self.length:
                raise ValueError("too long")
            rows.append([PAD] * (self.length - len(row)) + row)
        return torch.tensor(rows)


# WHOLE CLASS: its other methods differ from the definition's
class wrong_plain_split:
    """capitals and punctuation are left in"""

    # SAID: 'Left, a left.' has 3 words, all known, and fits into 7 with its start, but KeyError was raised: 'Left,'. Capitals and punctuation do not count, and t-shirt is one word: split knows
    # RAISES: KeyError
    def __init__(self, words, length):
        odd = [w for w in words if split(w) != [w]]
        if odd or len(set(words)) < len(words):
            raise ValueError(
                f"words has {odd or 'a word twice'}, wanted single words in small letters, once each"
            )
        if length < 2:
            raise ValueError(f"length is {length}, wanted 2 or more: the start and a word")
        self.words, self.length = tuple(words), length
        self.vocabulary = ("<pad>", "<start>", *words)
        self.number = {word: i for i, word in enumerate(self.vocabulary)}

    @property
    def null(self):
        return self.encode([""])[0]

    def decode(self, tokens):
        return [
            " ".join(self.vocabulary[i] for i in row if i not in (PAD, START))
            for row in tokens.tolist()
        ]

    def encode(self, captions):
        rows = []
        for caption in captions:
            words = caption.split()
            row = [START, *(self.number[w] for w in words)]
            if len(row) > self.length:
                raise ValueError("too long")
            rows.append(row + [PAD] * (self.length - len(row)))
        return torch.tensor(rows)


# WHOLE CLASS: its other methods differ from the definition's
class wrong_reversed:
    """from the last word to the first"""

    # SAID: the words stand in reversed order
    def __init__(self, words, length):
        odd = [w for w in words if split(w) != [w]]
        if odd or len(set(words)) < len(words):
            raise ValueError(
                f"words has {odd or 'a word twice'}, wanted single words in small letters, once each"
            )
        if length < 2:
            raise ValueError(f"length is {length}, wanted 2 or more: the start and a word")
        self.words, self.length = tuple(words), length
        self.vocabulary = ("<pad>", "<start>", *words)
        self.number = {word: i for i, word in enumerate(self.vocabulary)}

    @property
    def null(self):
        return self.encode([""])[0]

    def decode(self, tokens):
        return [
            " ".join(self.vocabulary[i] for i in row if i not in (PAD, START))
            for row in tokens.tolist()
        ]

    def encode(self, captions):
        rows = []
        for caption in captions:
            words = split(caption)[::-1]
            row = [START, *(self.number[w] for w in words)]
            if len(row) > self.length:
                raise ValueError("too long")
            rows.append(row + [PAD] * (self.length - len(row)))
        return torch.tensor(rows)


# WHOLE CLASS: its other methods differ from the definition's
class wrong_set:
    """a word that occurs twice is taken once"""

    # SAID: a word that occurs twice stands there twice
    def __init__(self, words, length):
        odd = [w for w in words if split(w) != [w]]
        if odd or len(set(words)) < len(words):
            raise ValueError(
                f"words has {odd or 'a word twice'}, wanted single words in small letters, once each"
            )
        if length < 2:
            raise ValueError(f"length is {length}, wanted 2 or more: the start and a word")
        self.words, self.length = tuple(words), length
        self.vocabulary = ("<pad>", "<start>", *words)
        self.number = {word: i for i, word in enumerate(self.vocabulary)}

    @property
    def null(self):
        return self.encode([""])[0]

    def decode(self, tokens):
        return [
            " ".join(self.vocabulary[i] for i in row if i not in (PAD, START))
            for row in tokens.tolist()
        ]

    def encode(self, captions):
        rows = []
        for caption in captions:
            words = list(dict.fromkeys(split(caption)))
            row = [START, *(self.number[w] for w in words)]
            if len(row) > self.length:
                raise ValueError("too long")
            rows.append(row + [PAD] * (self.length - len(row)))
        return torch.tensor(rows)


# WHOLE CLASS: its other methods differ from the definition's
class wrong_sorted:
    """the words are sorted"""

    # SAID: the words are sorted: keep their order
    def __init__(self, words, length):
        odd = [w for w in words if split(w) != [w]]
        if odd or len(set(words)) < len(words):
            raise ValueError(
                f"words has {odd or 'a word twice'}, wanted single words in small letters, once each"
            )
        if length < 2:
            raise ValueError(f"length is {length}, wanted 2 or more: the start and a word")
        self.words, self.length = tuple(words), length
        self.vocabulary = ("<pad>", "<start>", *words)
        self.number = {word: i for i, word in enumerate(self.vocabulary)}

    @property
    def null(self):
        return self.encode([""])[0]

    def decode(self, tokens):
        return [
            " ".join(self.vocabulary[i] for i in row if i not in (PAD, START))
            for row in tokens.tolist()
        ]

    def encode(self, captions):
        rows = []
        for caption in captions:
            words = sorted(split(caption))
            row = [START, *(self.number[w] for w in words)]
            if len(row) > self.length:
                raise ValueError("too long")
            rows.append(row + [PAD] * (self.length - len(row)))
        return torch.tensor(rows)


# WHOLE CLASS: its other methods differ from the definition's
class wrong_start_last:
    """the start stands at the end"""

    # SAID: START stands at the end of the caption; it comes first
    def __init__(self, words, length):
        odd = [w for w in words if split(w) != [w]]
        if odd or len(set(words)) < len(words):
            raise ValueError(
                f"words has {odd or 'a word twice'}, wanted single words in small letters, once each"
            )
        if length < 2:
            raise ValueError(f"length is {length}, wanted 2 or more: the start and a word")
        self.words, self.length = tuple(words), length
        self.vocabulary = ("<pad>", "<start>", *words)
        self.number = {word: i for i, word in enumerate(self.vocabulary)}

    @property
    def null(self):
        return self.encode([""])[0]

    def decode(self, tokens):
        return [
            " ".join(self.vocabulary[i] for i in row if i not in (PAD, START))
            for row in tokens.tolist()
        ]

    def encode(self, captions):
        rows = []
        for caption in captions:
            words = split(caption)
            row = [*(self.number[w] for w in words), START]
            if len(row) > self.length:
                raise ValueError("too long")
            rows.append(row + [PAD] * (self.length - len(row)))
        return torch.tensor(rows)


# WHOLE CLASS: its other methods differ from the definition's
class wrong_start_overwritten:
    """the first word overwrites the start"""

    # SAID: the first word has overwritten the start
    def __init__(self, words, length):
        odd = [w for w in words if split(w) != [w]]
        if odd or len(set(words)) < len(words):
            raise ValueError(
                f"words has {odd or 'a word twice'}, wanted single words in small letters, once each"
            )
        if length < 2:
            raise ValueError(f"length is {length}, wanted 2 or more: the start and a word")
        self.words, self.length = tuple(words), length
        self.vocabulary = ("<pad>", "<start>", *words)
        self.number = {word: i for i, word in enumerate(self.vocabulary)}

    @property
    def null(self):
        return self.encode([""])[0]

    def decode(self, tokens):
        return [
            " ".join(self.vocabulary[i] for i in row if i not in (PAD, START))
            for row in tokens.tolist()
        ]

    def encode(self, captions):
        tokens = torch.full((len(captions), self.length), PAD)
        tokens[:, 0] = START
        for i, caption in enumerate(captions):
            if len(split(caption)) >= self.length:
                raise ValueError("too long")
            for j, word in enumerate(split(caption)):
                tokens[i, j] = self.number[word]
        return tokens


# WHOLE CLASS: its other methods differ from the definition's
class wrong_too_long_passes:
    """a caption that is too long gives a longer row"""

    # SAID: 7 words and a start in a row of 7 should be an error; 'left left left left left left left' became [1, 3, 3, 3, 3, 3, 3, 3] in silence
    # RAISES: ValueError
    def __init__(self, words, length):
        odd = [w for w in words if split(w) != [w]]
        if odd or len(set(words)) < len(words):
            raise ValueError(
                f"words has {odd or 'a word twice'}, wanted single words in small letters, once each"
            )
        if length < 2:
            raise ValueError(f"length is {length}, wanted 2 or more: the start and a word")
        self.words, self.length = tuple(words), length
        self.vocabulary = ("<pad>", "<start>", *words)
        self.number = {word: i for i, word in enumerate(self.vocabulary)}

    @property
    def null(self):
        return self.encode([""])[0]

    def decode(self, tokens):
        return [
            " ".join(self.vocabulary[i] for i in row if i not in (PAD, START))
            for row in tokens.tolist()
        ]

    def encode(self, captions):
        rows = []
        for caption in captions:
            words = split(caption)
            row = [START, *(self.number[w] for w in words)]
            rows.append(row + [PAD] * (self.length - len(row)))
        return torch.tensor(rows)


# WHOLE CLASS: its other methods differ from the definition's
class wrong_unknown_is_pad:
    """unknown words become padding"""

    # SAID: an unknown word should be an error; 't-shirt zebra left' became [1, 2, 0, 3, 0, 0, 0] in silence
    def __init__(self, words, length):
        odd = [w for w in words if split(w) != [w]]
        if odd or len(set(words)) < len(words):
            raise ValueError(
                f"words has {odd or 'a word twice'}, wanted single words in small letters, once each"
            )
        if length < 2:
            raise ValueError(f"length is {length}, wanted 2 or more: the start and a word")
        self.words, self.length = tuple(words), length
        self.vocabulary = ("<pad>", "<start>", *words)
        self.number = {word: i for i, word in enumerate(self.vocabulary)}

    @property
    def null(self):
        return self.encode([""])[0]

    def decode(self, tokens):
        return [
            " ".join(self.vocabulary[i] for i in row if i not in (PAD, START))
            for row in tokens.tolist()
        ]

    def encode(self, captions):
        rows = []
        for caption in captions:
            words = split(caption)
            row = [START, *(self.number.get(w, PAD) for w in words)]
            if len(row) > self.length:
                raise ValueError("too long")
            rows.append(row + [PAD] * (self.length - len(row)))
        return torch.tensor(rows)


# WHOLE CLASS: its other methods differ from the definition's
class wrong_unknown_skipped:
    """unknown words are left out in silence"""

    # SAID: an unknown word should be an error; 't-shirt zebra left' became [1, 2, 3, 0, 0, 0, 0] in silence
    def __init__(self, words, length):
        odd = [w for w in words if split(w) != [w]]
        if odd or len(set(words)) < len(words):
            raise ValueError(
                f"words has {odd or 'a word twice'}, wanted single words in small letters, once each"
            )
        if length < 2:
            raise ValueError(f"length is {length}, wanted 2 or more: the start and a word")
        self.words, self.length = tuple(words), length
        self.vocabulary = ("<pad>", "<start>", *words)
        self.number = {word: i for i, word in enumerate(self.vocabulary)}

    @property
    def null(self):
        return self.encode([""])[0]

    def decode(self, tokens):
        return [
            " ".join(self.vocabulary[i] for i in row if i not in (PAD, START))
            for row in tokens.tolist()
        ]

    def encode(self, captions):
        rows = []
        for caption in captions:
            words = split(caption)
            row = [START, *(self.number[w] for w in words if w in self.number)]
            if len(row) > self.length:
                raise ValueError("too long")
            rows.append(row + [PAD] * (self.length - len(row)))
        return torch.tensor(rows)
