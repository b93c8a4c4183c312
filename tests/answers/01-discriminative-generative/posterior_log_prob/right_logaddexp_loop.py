def posterior_log_prob(X, prior, mean, var):
    joint = joint_log_prob(X, prior, mean, var)
    evidence = joint[:, 0]
    for k in range(1, joint.shape[1]):
        evidence = torch.logaddexp(evidence, joint[:, k])
    return joint - evidence.unsqueeze(1)
