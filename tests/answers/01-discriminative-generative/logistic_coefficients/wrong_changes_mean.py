# scales the caller's means in place
def logistic_coefficients(prior, mean, var):
    mean /= var.sqrt()
    coef = (mean[1] - mean[0]) / var[0].sqrt()
    b = torch.log(prior[1] / prior[0]) + ((mean[0] ** 2 - mean[1] ** 2) / 2).sum()
    return coef, b
