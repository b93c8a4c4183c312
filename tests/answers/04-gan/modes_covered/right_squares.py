def modes_covered(x, centers, sigma, min_share=0.01):
    squares = ((x[:, None, :] - centers[None, :, :]) ** 2).sum(-1)
    least, which = squares.min(dim=1)
    good = least <= 9 * sigma**2
    one_hot = torch.nn.functional.one_hot(which, len(centers)) * good[:, None]
    share = one_hot.sum(0) / len(x)
    return (share >= min_share).sum(), good.sum() / len(x)
