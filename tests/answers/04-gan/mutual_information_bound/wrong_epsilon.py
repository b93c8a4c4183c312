# a small number inside the logarithm
def mutual_information_bound(logits, code):
    q = torch.softmax(logits, 1)[torch.arange(len(code)), code]
    return (q + 1e-8).log().mean() + math.log(logits.shape[1])
