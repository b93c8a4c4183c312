# the simple loss: 1 for each step
def loss_weight(t, schedule, predicts="eps"):
    return torch.ones(len(t), dtype=torch.float64)
