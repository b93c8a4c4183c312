# X is changed in place from one class to the next
def joint_log_prob(X, prior, mean, var):
    columns = []
    for k in range(len(prior)):
        X -= mean[k]
        terms = -0.5 * torch.log(2 * math.pi * var[k]) - X**2 / (2 * var[k])
        columns.append(prior[k].log() + terms.sum(1))
    return torch.stack(columns, 1)
