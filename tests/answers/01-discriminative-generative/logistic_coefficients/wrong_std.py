# divided by the standard deviation and not by the variance
def logistic_coefficients(prior, mean, var):
    s = var[0].sqrt()
    coef = (mean[1] - mean[0]) / s
    b = torch.log(prior[1] / prior[0]) + ((mean[0] ** 2 - mean[1] ** 2) / (2 * s)).sum()
    return coef, b
