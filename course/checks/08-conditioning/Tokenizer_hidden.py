"""Other vocabularies and lengths, many captions, some that just fit, some that do not, unknown words."""

import torch

from course.checks.exercise import load


def cases(g):
    file = load("Tokenizer").module
    for size, length, n in ((3, 2, 4), (26, 12, 30), (8, 5, 1)):
        letters = file.some(g, 26, "abcdefghijklmnopqrstuvwxyz")
        words = [a + b for a, b in zip(letters, letters[1:] + letters[:1], strict=True)][:size]
        if size > 5:
            words[2] += "-x"
        counts = [length - 1, *torch.randint(length, (n - 1,), generator=g).tolist()]
        spoken = [
            [words[i] for i in torch.randint(size, (k,), generator=g).tolist()] for k in counts
        ]
        captions = [" ".join(s).title() + "!" for s in spoken]
        yield file.encoding(words, length, captions).but(words=f"{n} captions, length {length}")
        yield file.refusing(words, length, words[1] + "q", "an unknown word")
        yield file.refusing(words, length, " ".join([words[0]] * length), "too many words")
