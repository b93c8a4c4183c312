# the coefficients are halved: the 2 of 2 x (m1 - m0) is forgotten
def logistic_coefficients(prior, mean, var):
    coef = (mean[1] - mean[0]) / (2 * var[0])
    b = torch.log(prior[1] / prior[0]) + ((mean[0] ** 2 - mean[1] ** 2) / (2 * var[0])).sum()
    return coef, b
