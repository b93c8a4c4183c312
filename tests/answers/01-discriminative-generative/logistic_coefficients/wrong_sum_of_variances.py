# divided by the sum of the two rows of var
def logistic_coefficients(prior, mean, var):
    v = var.sum(0)
    coef = (mean[1] - mean[0]) / v
    b = torch.log(prior[1] / prior[0]) + ((mean[0] ** 2 - mean[1] ** 2) / (2 * v)).sum()
    return coef, b
