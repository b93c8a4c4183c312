# the likeliest class gets all the probability
def posterior_log_prob(X, prior, mean, var):
    best = joint_log_prob(X, prior, mean, var).argmax(dim=1)
    return torch.nn.functional.one_hot(best, len(prior)).to(X.dtype).log()
