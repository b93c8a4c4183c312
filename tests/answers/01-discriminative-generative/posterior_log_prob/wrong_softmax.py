# probabilities: the log is missing
def posterior_log_prob(X, prior, mean, var):
    return torch.softmax(joint_log_prob(X, prior, mean, var), dim=1)
