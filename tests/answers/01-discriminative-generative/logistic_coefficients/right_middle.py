def logistic_coefficients(prior, mean, var):
    coef = (mean[1] - mean[0]) / var.mean(dim=0)
    middle = mean.mean(dim=0)
    return coef, torch.logit(prior[1] / prior.sum()) - coef @ middle
