def joint_log_prob(X, prior, mean, var):
    columns = []
    for k in range(len(prior)):
        a = -0.5 * torch.log(2 * math.pi * var[k]).sum()
        b = -(((X - mean[k]) ** 2) / (2 * var[k])).sum(1)
        columns.append(prior[k].log() + a + b)
    return torch.stack(columns, 1)
