from tortoise import migrations
from tortoise.migrations import operations as ops
from models.fields import ReadableJSONField
from tortoise import fields

class Migration(migrations.Migration):
    dependencies = [('models', '0006_departments_telephones_and_papers')]

    initial = False

    operations = [
        ops.CreateModel(
            name='SealForm',
            fields=[
                ('id', fields.CharField(primary_key=True, unique=True, db_index=True, max_length=16)),
                ('columns', ReadableJSONField()),
            ],
            options={'table': 'seal_form', 'app': 'models', 'pk_attr': 'id'},
            bases=['Model'],
        ),
    ]
