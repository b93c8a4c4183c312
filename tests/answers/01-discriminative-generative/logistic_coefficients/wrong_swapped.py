# the log-odds of class 0: all signs flipped
def logistic_coefficients(prior, mean, var):
    coef = (mean[0] - mean[1]) / var[0]
    b = torch.log(prior[0] / prior[1]) + ((mean[1] ** 2 - mean[0] ** 2) / (2 * var[0])).sum()
    return coef, b
