def classes_covered(p, min_share=0.01):
    share = torch.stack([(p.argmax(1) == k).double().mean() for k in range(p.shape[1])])
    covered = torch.count_nonzero(share >= min_share)
    return covered, torch.distributions.Categorical(probs=share).perplexity()
