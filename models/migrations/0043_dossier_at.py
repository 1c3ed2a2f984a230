from tortoise import migrations
from tortoise.indexes import Index
from tortoise.migrations import operations as ops


class Migration(migrations.Migration):
    dependencies = [('models', '0042_draw_texts')]

    initial = False

    operations = [ops.AddIndex(model_name='Dossier', index=Index(fields=['at']))]
