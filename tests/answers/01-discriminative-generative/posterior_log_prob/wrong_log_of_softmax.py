# softmax and then log: the unlikely class's probability underflows to 0
def posterior_log_prob(X, prior, mean, var):
    return torch.log(torch.softmax(joint_log_prob(X, prior, mean, var), dim=1))
