# the first caption alone
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
        rows = []
        for caption in captions:
            words = split(caption)
            row = [START, *(self.number[w] for w in words)]
            if len(row) > self.length:
                raise ValueError('too long')
            rows.append(row + [PAD] * (self.length - len(row)))
        return torch.tensor(rows)[:1]
