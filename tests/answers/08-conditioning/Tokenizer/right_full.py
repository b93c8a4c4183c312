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
