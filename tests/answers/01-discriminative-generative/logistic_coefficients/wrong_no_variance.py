# not divided by the variance
def logistic_coefficients(prior, mean, var):
    coef = mean[1] - mean[0]
    b = torch.log(prior[1] / prior[0]) + ((mean[0] ** 2 - mean[1] ** 2) / 2).sum()
    return coef, b
