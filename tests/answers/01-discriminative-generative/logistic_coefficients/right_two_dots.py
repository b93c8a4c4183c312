def logistic_coefficients(prior, mean, var):
    inverse = torch.diag(1 / var[1])
    m0, m1 = mean
    intercept = -0.5 * m1 @ inverse @ m1 + 0.5 * m0 @ inverse @ m0
    intercept += torch.log(prior[1]) - torch.log(prior[0])
    return [inverse @ (m1 - m0), intercept]
