class Tokenizer:
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
