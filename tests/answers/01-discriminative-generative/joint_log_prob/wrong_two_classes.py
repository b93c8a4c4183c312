# only ever two classes
def joint_log_prob(X, prior, mean, var):
    out = torch.zeros(len(X), 2, dtype=X.dtype)
    for k in range(2):
        out[:, k] = Normal(mean[k], var[k].sqrt()).log_prob(X).sum(1) + prior[k].log()
    return out
