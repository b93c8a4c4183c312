# the sigmoid of the log-odds of classes 1 and 0, whatever K
def posterior_log_prob(X, prior, mean, var):
    joint = joint_log_prob(X, prior, mean, var)
    odds = joint[:, 1] - joint[:, 0]
    f = torch.nn.functional.logsigmoid
    return torch.stack([f(-odds), f(odds)], dim=1)
