# right values, but the caller's X comes back as distances from the last mean
def joint_log_prob(X, prior, mean, var):
    columns, last = [], 0
    for k in range(len(prior)):
        X += last - mean[k]
        last = mean[k]
        terms = -0.5 * torch.log(2 * math.pi * var[k]) - X**2 / (2 * var[k])
        columns.append(prior[k].log() + terms.sum(1))
    return torch.stack(columns, 1)
