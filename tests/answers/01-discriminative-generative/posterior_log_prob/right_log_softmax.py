def posterior_log_prob(X, prior, mean, var):
    return torch.nn.functional.log_softmax(joint_log_prob(X, prior, mean, var), dim=-1)
