# the prior is taken out: the likelihood's share
def posterior_log_prob(X, prior, mean, var):
    return (joint_log_prob(X, prior, mean, var) - prior.log()).log_softmax(1)
