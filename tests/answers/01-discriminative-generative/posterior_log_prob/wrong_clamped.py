# the joint density is kept above -700 so that exp does not underflow
def posterior_log_prob(X, prior, mean, var):
    return joint_log_prob(X, prior, mean, var).clamp(min=-700).log_softmax(1)
