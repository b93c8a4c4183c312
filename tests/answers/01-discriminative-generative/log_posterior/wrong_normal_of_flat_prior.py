# a normal density, whose logarithm is -inf where lambda is 0
def log_posterior(theta, X, y, penalty):
    prior = Normal(0.0, 1 / penalty.sqrt())
    return log_likelihood(theta, X, y) + prior.log_prob(theta).sum()
