def logistic_coefficients(prior, mean, var):
    # a linear function is known from its values at 0 and at the unit vectors
    d = mean.shape[1]
    points = torch.cat([torch.zeros(1, d), torch.eye(d)]).to(mean.dtype)
    p = posterior_log_prob(points, prior, mean, var)
    odds = p[:, 1] - p[:, 0]
    return odds[1:] - odds[0], odds[0]
