def posterior_log_prob(X, prior, mean, var):
    # 1 / sum_l exp(joint_l - joint_k), and no exponent is trusted to be small
    joint = joint_log_prob(X, prior, mean, var)
    rows = []
    for row in joint:
        rows.append(torch.stack([-torch.logsumexp(row - row[k], 0) for k in range(len(row))]))
    return torch.stack(rows)
